import { formatDateTime, formatRelativeTime } from '../format/format-time';
import { useNow } from '../hooks/use-now';

/** A time as its distance from now, kept current; the exact time is its tooltip. */
export function RelativeTime({ time }: { time: string }) {
  const now = useNow(5_000);
  return (
    <time dateTime={time} title={formatDateTime(time)}>
      {formatRelativeTime(time, now)}
    </time>
  );
}
