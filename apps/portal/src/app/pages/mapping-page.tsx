import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { mappingQuery } from '../../shared/api/mapping-api';
import { theVendor } from '../../shared/branding/app-name';
import { ErrorNotice, Notice } from '../../shared/ui/notice';
import { Skeleton } from '../../shared/ui/skeleton';
import { AttributeRules } from '../../features/mapping/attribute-rules';
import { RoleRules } from '../../features/mapping/role-rules';
import { RulesProgress } from '../../features/mapping/rules-progress';
import { useDirectory } from './directory-layout';
import styles from './pages.module.css';

/** What becomes of groups and attributes in the app. */
export function MappingPage() {
  const directory = useDirectory();
  const mapping = useQuery(mappingQuery(directory.id));
  if (!mapping.data) {
    return mapping.isError ? (
      <ErrorNotice error={mapping.error} onRetry={() => void mapping.refetch()} />
    ) : (
      <div role="status" aria-label={t`Loading the mapping`}>
        <Skeleton width={3} />
      </div>
    );
  }
  const { may_map_roles: mayMapRoles, may_map_attributes: mayMapAttributes, rules_job: job } = mapping.data;
  return (
    <div className={styles.stack}>
      {!mayMapRoles && !mayMapAttributes && (
        <Notice title={t`You see here what ${{ vendor: theVendor() }} has set`}>
          <Trans>Ask them when a group should give another role, or when an attribute is missing.</Trans>
        </Notice>
      )}
      <RulesProgress job={job} />
      <RoleRules directory={directory} mapping={mapping.data} />
      <AttributeRules directory={directory} mapping={mapping.data} />
    </div>
  );
}
