/** The address of a comparison. */
export function comparePath(first: string, second: string): string {
  return `/partners/compare?a=${encodeURIComponent(first)}&b=${encodeURIComponent(second)}`;
}
