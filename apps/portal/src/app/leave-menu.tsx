import { LanguageMenu } from '../features/language/language-menu';
import { uncopiedSentence } from '../features/secrets/secret-name';
import { useUncopiedNames } from '../features/secrets/use-uncopied-names';
import { SessionMenu } from '../features/session/session-menu';
import styles from './leave-menu.module.css';

/** The ways out of the page, which name the tokens that would be lost: to another language, and out of the portal. */
export function LeaveMenu({ expireTime, onEnded }: { expireTime: string; onEnded: () => void }) {
  const losses = useUncopiedNames().map(uncopiedSentence);
  return (
    <div className={styles.ways}>
      <LanguageMenu losses={losses} />
      <SessionMenu expireTime={expireTime} losses={losses} onEnded={onEnded} />
    </div>
  );
}
