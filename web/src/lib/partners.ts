/** What partners are judged by: words and colours that several pages share. */

export const HEALTH_AXES = ["results", "growth", "pipeline", "engagement", "capability", "payment"] as const;
export const SEGMENTS = ["high_potential", "stable", "opportunistic", "insufficient_history"] as const;
export const RISK_BANDS = ["high", "medium", "low", "churned", "unknown"] as const;
export const HEALTH_BANDS = ["healthy", "good", "watch", "poor"] as const;

type Tone = "good" | "primary" | "warn" | "bad" | "soft" | "signal";
type PillTone = "neutral" | "primary" | "good" | "warn" | "bad" | "signal";

/** Bands of the health score: above 80, from 60, from 40, below. */
export function bandTone(score: number | null): Tone {
  if (score === null) return "soft";
  if (score >= 80) return "good";
  if (score >= 60) return "primary";
  return score >= 40 ? "warn" : "bad";
}

export const SEGMENT_TONES: Record<string, PillTone> = {
  high_potential: "signal",
  stable: "primary",
  opportunistic: "warn",
  insufficient_history: "neutral",
};
export const RISK_TONES: Record<string, PillTone> = {
  high: "bad",
  medium: "warn",
  low: "good",
  churned: "neutral",
  unknown: "neutral",
};
export const BAND_TONES: Record<string, PillTone> = {
  healthy: "good",
  good: "primary",
  watch: "warn",
  poor: "bad",
};

/** The address of a partner's page. */
export function partnerPath(partner: string): string {
  return `/partners/${encodeURIComponent(partner)}`;
}
