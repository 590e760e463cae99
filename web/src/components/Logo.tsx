/** The sounding lead: a line with its depth marks, and the weight. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path d="M16 2.5v16" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      <path
        d="M11.5 7.5h9M12.5 11.5h7M13.5 15.5h5"
        stroke="var(--ll-signal)"
        strokeWidth="2"
        strokeLinecap="round"
      />
      <path
        d="M13.2 18.5h5.6l1.7 8.3a2.2 2.2 0 0 1-2.2 2.7h-4.6a2.2 2.2 0 0 1-2.2-2.7z"
        fill="var(--ll-signal)"
      />
    </svg>
  );
}
