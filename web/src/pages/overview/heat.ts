/** Five steps of change: a strong decline, a decline, hardly any, a growth, a strong growth. */
export function heat(rate: number | null): -2 | -1 | 0 | 1 | 2 | "none" {
  if (rate === null) return "none";
  if (rate <= -0.15) return -2;
  if (rate < -0.03) return -1;
  if (rate <= 0.03) return 0;
  return rate < 0.15 ? 1 : 2;
}
