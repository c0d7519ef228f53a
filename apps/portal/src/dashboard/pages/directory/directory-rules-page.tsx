import { MappingCards } from '../../../features/mapping/mapping-cards';
import { RolesCard } from '../../../features/roles/roles-card';
import { useMayChange } from '../../../shared/hooks/use-may-change';
import styles from '../pages.module.css';
import { useDirectoryDetail } from './directory-layout';

/** What the app receives of a user beside what the identity provider says: roles by group, and attributes under other names. */
export function DirectoryRulesPage() {
  const mayChange = useMayChange();
  return (
    <div className={styles.columns}>
      <div className={styles.stack}>
        <MappingCards
          directoryId={useDirectoryDetail().id}
          maySet={() => ({ roles: mayChange, attributes: mayChange })}
        />
      </div>
      <RolesCard />
    </div>
  );
}
