import { t } from '@lingui/core/macro';
import { REQUEST_OUTCOMES } from '@rollcall/contract';
import type { RequestFilter } from '../../shared/api/request-log';
import type { Filters } from '../../shared/hooks/use-filters';
import { FilterBar, FilterSelect, FilterText } from '../../shared/ui/filter-bar';
import { describeOutcome } from './describe-request';
import { isNarrowed, METHODS, STATUSES, type REQUEST_FILTERS } from './request-filter';

const METHOD_OPTIONS = METHODS.map((value) => ({ value, label: value }));
const STATUS_OPTIONS = STATUSES.map((value) => ({ value, label: value }));

const EXAMPLE_ID = 'diruser_…';

interface RequestFiltersProps extends Pick<Filters<(typeof REQUEST_FILTERS)[number]>, 'change' | 'clear'> {
  filter: RequestFilter;
}

/** What the log of requests is narrowed by. */
export function RequestFilters({ filter, change, clear }: RequestFiltersProps) {
  return (
    <FilterBar isFiltered={isNarrowed(filter)} onClear={clear}>
      <FilterText
        label={t`User name`}
        placeholder={t`The whole of it`}
        value={filter.user}
        onChange={(name) => change({ user_name: name })}
      />
      <FilterText
        label={t`User or group ID`}
        placeholder={EXAMPLE_ID}
        value={filter.resource}
        onChange={(id) => change({ resource: id })}
      />
      <FilterSelect
        label={t`Outcome`}
        all={t`All outcomes`}
        value={filter.outcome}
        options={REQUEST_OUTCOMES.map((value) => ({ value, label: describeOutcome(value).label }))}
        onChange={(outcome) => change({ outcome })}
      />
      <FilterSelect
        label={t`Method`}
        all={t`All methods`}
        value={filter.method}
        options={METHOD_OPTIONS}
        onChange={(method) => change({ method })}
      />
      <FilterSelect
        label={t({ message: 'Status', context: 'request' })}
        all={t`All statuses`}
        value={filter.status}
        options={STATUS_OPTIONS}
        onChange={(status) => change({ status })}
      />
    </FilterBar>
  );
}
