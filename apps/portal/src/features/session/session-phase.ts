import { t } from '@lingui/core/macro';
import { MINUTE_MS } from '../../shared/format/time-units';

const NOTICE_MS = 15 * MINUTE_MS;
const LAST_MS = 5 * MINUTE_MS;

interface SessionPhase {
  /** The last fifteen minutes. */
  isEnding: boolean;
  /** The last five of them. */
  isLast: boolean;
  isOver: boolean;
  /** What to say aloud; it changes only at the moments that matter, null before the first. */
  announcement: string | null;
}

/** What the remaining time of a session, in milliseconds, means for its reader. */
export function sessionPhase(remainingMs: number): SessionPhase {
  const isOver = remainingMs <= 0;
  return {
    isEnding: remainingMs <= NOTICE_MS,
    isLast: !isOver && remainingMs <= LAST_MS,
    isOver,
    announcement: isOver ? null : announce(remainingMs),
  };
}

function announce(remainingMs: number): string | null {
  if (remainingMs <= MINUTE_MS) return t`This session ends in less than a minute.`;
  if (remainingMs <= LAST_MS) return t`This session ends in less than 5 minutes.`;
  if (remainingMs <= NOTICE_MS) return t`This session ends in less than 15 minutes.`;
  return null;
}
