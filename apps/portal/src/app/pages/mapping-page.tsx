import type { DirectoryMapping } from '@rollcall/sdk';
import { theVendor } from '../../shared/branding/app-name';
import { MappingCards } from '../../features/mapping/mapping-cards';
import { useDirectory } from './directory-layout';
import styles from './pages.module.css';

/** What becomes of groups and attributes in the app: to be set by an admin whom the app's owner lets. */
export function MappingPage() {
  return (
    <div className={styles.stack}>
      <MappingCards directoryId={useDirectory().id} maySet={letAdminsSet} whomToAsk={theVendor()} />
    </div>
  );
}

function letAdminsSet({ may_map_roles: roles, may_map_attributes: attributes }: DirectoryMapping) {
  return { roles, attributes };
}
