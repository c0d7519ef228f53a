import { AttributeMappingsCard } from '../../../features/rules/attribute-mappings-card';
import { RoleAssignmentsCard } from '../../../features/rules/role-assignments-card';
import { RolesCard } from '../../../features/rules/roles-card';
import styles from '../pages.module.css';
import { useDirectoryDetail } from './directory-layout';

/** What the app receives of a user beside what the identity provider says: roles by group, and attributes under other names. */
export function DirectoryRulesPage() {
  const directory = useDirectoryDetail();
  return (
    <div className={styles.columns}>
      <div className={styles.stack}>
        <RoleAssignmentsCard directory={directory} />
        <AttributeMappingsCard directory={directory} />
      </div>
      <RolesCard />
    </div>
  );
}
