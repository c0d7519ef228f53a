import type { AuditEntry } from '@rollcall/sdk';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { download } from '../../shared/api/download';
import { saveFile } from '../../shared/api/save-file';
import { formatDateTime } from '../../shared/format/format-time';
import { useFilters } from '../../shared/hooks/use-filters';
import { useSearchParam } from '../../shared/hooks/use-search-param';
import { Button } from '../../shared/ui/button';
import { FilterBar, FilterSelect, FilterText, FilterTime } from '../../shared/ui/filter-bar';
import { ForeignText } from '../../shared/ui/foreign-text';
import { LogTable } from '../../shared/ui/log-table';
import { ErrorNotice } from '../../shared/ui/notice';
import type { Column } from '../../shared/ui/table';
import { RelativeTime } from '../../shared/ui/time';
import { AUDIT_FILTERS, AUDIT_PATH, auditQuery, type AuditFilters } from './audit-query';
import { ChangesCell } from './changes-cell';
import { ACTION_OPTIONS, describeAction } from './describe-action';
import { countOf, reasonOf } from './describe-changes';
import { describeActor, nameTarget, targetAddress } from './describe-entry';
import styles from './audit.module.css';

/** Who did what, newest first, filtered by the URL. */
export function AuditList() {
  const { values, isFiltered, change, clear } = useFilters(AUDIT_FILTERS);
  const [pageToken] = useSearchParam('page_token');
  const entries = useQuery(auditQuery(values, pageToken ?? ''));
  const filterBy = (name: keyof AuditFilters, value: string) => change({ [name]: value });
  return (
    <>
      <FilterBar isFiltered={isFiltered} onClear={clear} actions={<ExportButton filters={values} />}>
        <FilterSelect
          label="Action"
          all="All actions"
          value={values.action}
          options={ACTION_OPTIONS}
          onChange={(action) => change({ action })}
        />
        <FilterText
          label="Actor ID"
          placeholder="Anybody"
          value={values.actor_id}
          onChange={(actor_id) => change({ actor_id })}
        />
        <FilterText
          label="Target ID"
          placeholder="Anything"
          value={values.target_id}
          onChange={(target_id) => change({ target_id })}
        />
        <FilterText
          label="Organization ID"
          placeholder="org_…"
          value={values.organization_id}
          onChange={(organization_id) => change({ organization_id })}
        />
        <FilterTime label="Since" value={values.from_time} onChange={(from_time) => change({ from_time })} />
        <FilterTime label="Until" value={values.to_time} onChange={(to_time) => change({ to_time })} />
      </FilterBar>
      <LogTable
        caption="Audit log"
        columns={auditColumns(filterBy)}
        query={entries}
        rowsOf={(page) => page.entries}
        rowKey={({ id }) => id}
        empty={
          isFiltered
            ? { title: 'No entries match', text: 'Nothing that is kept fits all of the filters.' }
            : { title: 'Nothing was done yet', text: 'Every change and every sign-in appears here.' }
        }
      />
    </>
  );
}

function ExportButton({ filters }: { filters: AuditFilters }) {
  const save = useMutation({
    mutationFn: () => download(AUDIT_PATH, { query: filters, accept: 'application/x-ndjson' }),
    onSuccess: (file) => saveFile(file, 'rollcall-audit-log.ndjson'),
  });
  return (
    <>
      <Button busy={save.isPending} onClick={() => save.mutate()}>
        Export
      </Button>
      {save.error && <ErrorNotice error={save.error} onRetry={() => save.mutate()} />}
    </>
  );
}

type FilterBy = (name: keyof AuditFilters, value: string) => void;

function auditColumns(filterBy: FilterBy): Column<AuditEntry>[] {
  return [
    {
      header: 'What',
      isRowHeader: true,
      cell: (entry) => <ActionCell entry={entry} filterBy={filterBy} />,
    },
    { header: 'Who', isText: true, isWideOnly: true, cell: (entry) => <ActorCell entry={entry} filterBy={filterBy} /> },
    {
      header: 'Before and after',
      isText: true,
      isWideOnly: true,
      cell: ({ changes }) => <ChangesCell changes={changes} />,
    },
    {
      header: 'When',
      cell: ({ occurred_at: time }) => (
        <div className={styles.lines}>
          <RelativeTime time={time} />
          <span className={`${styles.soft} ${styles.exact}`}>{formatDateTime(time)}</span>
        </div>
      ),
    },
  ];
}

interface CellProps {
  entry: AuditEntry;
  filterBy: FilterBy;
}

function ActionCell({ entry, filterBy }: CellProps) {
  const { action, target, changes } = entry;
  const name = nameTarget(target);
  const address = targetAddress(entry);
  const count = countOf(changes);
  const reason = reasonOf(changes);
  const { id } = target;
  return (
    <div className={styles.lines}>
      <span>
        <span className={styles.action}>{describeAction(action)}</span>{' '}
        {name !== null &&
          (address === null ? (
            <ForeignText text={name} />
          ) : (
            <Link to={address}>
              <ForeignText text={name} />
            </Link>
          ))}
        {count !== null && <span className={styles.count}>{count} times in a minute</span>}
      </span>
      {reason !== null && <span className={styles.soft}>Because {reason}.</span>}
      {id !== null && (
        <span className={styles.soft}>
          <button type="button" className={styles.filter} onClick={() => filterBy('target_id', id)}>
            Its history
          </button>
        </span>
      )}
      <div className={styles.narrow}>
        <ActorCell entry={entry} filterBy={filterBy} />
        <ChangesCell changes={changes} />
      </div>
    </div>
  );
}

function ActorCell({ entry: { actor, ip_address: address }, filterBy }: CellProps) {
  const { name, kind } = describeActor(actor);
  const { id } = actor;
  return (
    <div className={styles.lines}>
      {id === null ? (
        <ForeignText text={name} />
      ) : (
        <button
          type="button"
          className={styles.filter}
          title="Show only this actor"
          onClick={() => filterBy('actor_id', id)}
        >
          <ForeignText text={name} />
        </button>
      )}
      <span className={styles.soft}>
        {kind}
        {kind !== null && address !== null && ' · '}
        {address !== null && `from ${address}`}
      </span>
    </div>
  );
}
