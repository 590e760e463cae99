import { useSession } from "@/app/session";
import { useLanguage } from "@/i18n/language";
import { formatDateTime, formatWhen } from "@/lib/format";

interface Props {
  /** ISO moment; null shows a dash. */
  iso: string | null | undefined;
  /** Only the time for today, only the day for others; the whole moment stands in the title. */
  short?: boolean;
}

/** A moment in the instance's timezone and the reader's language. */
export function DateTime({ iso, short = false }: Props) {
  const { language } = useLanguage();
  const { instance } = useSession();
  if (!iso) return <span>—</span>;
  const whole = formatDateTime(iso, language, instance.timezone);
  return (
    <time dateTime={iso} title={short ? whole : undefined}>
      {short ? formatWhen(iso, language, instance.timezone) : whole}
    </time>
  );
}
