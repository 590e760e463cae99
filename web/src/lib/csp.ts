/** The nonce of this page, without which the Content-Security-Policy lets no style element in. */
export function cspNonce(): string {
  // Browsers hide the attribute's value and keep it in the property.
  const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  return meta?.nonce || meta?.getAttribute("nonce") || "";
}
