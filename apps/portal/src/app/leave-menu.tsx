import { useUncopiedNames } from '../features/secrets/use-uncopied-names';
import { SessionMenu } from '../features/session/session-menu';

/** The way out of the portal, which names the tokens that would be lost. */
export function LeaveMenu({ expireTime, onEnded }: { expireTime: string; onEnded: () => void }) {
  const losses = useUncopiedNames().map((name) => `The token ${name} has not been copied.`);
  return <SessionMenu expireTime={expireTime} losses={losses} onEnded={onEnded} />;
}
