import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { DirectoryMapping } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { mappingQuery } from '../../shared/api/mapping-api';
import { ErrorNotice, Notice, StaleNotice } from '../../shared/ui/notice';
import { Skeleton } from '../../shared/ui/skeleton';
import { AttributeRules } from './attribute-rules';
import { RoleRules } from './role-rules';
import { RulesProgress } from './rules-progress';

interface MappingCardsProps {
  directoryId: string;
  /** What the reader may set. */
  maySet: (mapping: DirectoryMapping) => { roles: boolean; attributes: boolean };
  /** Who sets what the reader may not; absent where that is nobody else. */
  whomToAsk?: string;
}

/** What becomes of a directory's groups and attributes in the app. */
export function MappingCards({ directoryId, maySet, whomToAsk }: MappingCardsProps) {
  const mapping = useQuery(mappingQuery(directoryId));
  const retry = () => void mapping.refetch();
  if (!mapping.data) {
    if (mapping.isError) return <ErrorNotice error={mapping.error} onRetry={retry} />;
    return (
      <div role="status" aria-label={t`Loading the mapping`}>
        <Skeleton width={3} />
      </div>
    );
  }
  const may = maySet(mapping.data);
  const rules = { directoryId, mapping: mapping.data, whomToAsk };
  return (
    <>
      {mapping.isError && <StaleNotice title={t`The mapping could not be refreshed`} onRetry={retry} />}
      {whomToAsk !== undefined && !may.roles && !may.attributes && (
        <Notice title={t`You see here what ${{ vendor: whomToAsk }} has set`}>
          <Trans>Ask them when a group should give another role, or when an attribute is missing.</Trans>
        </Notice>
      )}
      <RulesProgress job={mapping.data.rules_job} />
      <RoleRules {...rules} mayChange={may.roles} />
      <AttributeRules {...rules} mayChange={may.attributes} />
    </>
  );
}
