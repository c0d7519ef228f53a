import { useState } from 'react';
import type { ApiClient, ApiClientWithSecrets } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { useListPosition } from '../../shared/hooks/use-list-position';
import { OrganizationName } from '../../shared/management-api/organization-name';
import { useIsOwner } from '../../shared/dashboard-api/use-is-owner';
import { Badge } from '../../shared/ui/badge';
import { ForeignText } from '../../shared/ui/foreign-text';
import { Menu } from '../../shared/ui/menu';
import { PagedTable } from '../../shared/ui/paged-table';
import type { Column } from '../../shared/ui/table';
import { RelativeTime } from '../../shared/ui/time';
import { EditClientDialog, RevokeClientDialog, RotateClientDialog } from './client-dialogs';
import { clientsQuery, PAGE_SIZE } from './client-queries';
import { FreshClientDialog } from './fresh-client-dialog';
import styles from './api-clients.module.css';

interface OpenDialog {
  kind: 'edit' | 'rotate' | 'revoke';
  client: ApiClient;
}

/** The programs that may call the API, and what can be done with each. */
export function ClientsList() {
  const [position, setPosition] = useListPosition();
  const [open, setOpen] = useState<OpenDialog | null>(null);
  const [rotated, setRotated] = useState<ApiClientWithSecrets | null>(null);
  const isOwner = useIsOwner();
  const navigate = useNavigate();
  const clients = useQuery(clientsQuery(position.pageToken));
  const close = () => setOpen(null);
  const showHistory = (client: ApiClient) => void navigate(`/audit-log?target_id=${client.client_id}`);
  return (
    <>
      <PagedTable
        caption="API clients"
        columns={columnsFor({ isOwner, onOpen: setOpen, onHistory: showHistory })}
        query={clients}
        rowsOf={(page) => page.api_clients}
        rowKey={({ client_id: id }) => id}
        empty={{
          title: 'No API clients',
          text: 'A client is a program that calls the management API, such as your backend.',
        }}
        pageSize={PAGE_SIZE}
        position={position}
        onMove={setPosition}
      />
      {open?.kind === 'edit' && <EditClientDialog client={open.client} onClose={close} />}
      {open?.kind === 'rotate' && (
        <RotateClientDialog
          client={open.client}
          onClose={close}
          onRotated={(answer) => {
            close();
            setRotated(answer);
          }}
        />
      )}
      {open?.kind === 'revoke' && <RevokeClientDialog client={open.client} onClose={close} />}
      {rotated && <FreshClientDialog created={rotated} onClose={() => setRotated(null)} />}
    </>
  );
}

interface ClientActions {
  isOwner: boolean;
  onOpen: (dialog: OpenDialog) => void;
  onHistory: (client: ApiClient) => void;
}

function columnsFor({ isOwner, onOpen, onHistory }: ClientActions): Column<ApiClient>[] {
  const itemsOf = (client: ApiClient) => [
    { label: 'Show history', onSelect: () => onHistory(client) },
    ...(isOwner
      ? [
          { label: 'Edit', onSelect: () => onOpen({ kind: 'edit', client }) },
          { label: 'Rotate secret', onSelect: () => onOpen({ kind: 'rotate', client }) },
          { label: 'Revoke', tone: 'bad' as const, onSelect: () => onOpen({ kind: 'revoke', client }) },
        ]
      : []),
  ];
  return [
    { header: 'Client', isRowHeader: true, cell: (client) => <ClientCell client={client} /> },
    { header: 'Scopes', isWideOnly: true, cell: ({ scopes }) => <Scopes scopes={scopes} /> },
    {
      header: 'Organization',
      isText: true,
      isWideOnly: true,
      cell: ({ organization_id: id }) =>
        id === null ? (
          'All'
        ) : (
          <Link to={`/organizations/${id}`}>
            <OrganizationName id={id} />
          </Link>
        ),
    },
    { header: 'Last used', isWideOnly: true, cell: (client) => <LastUsed client={client} /> },
    { header: 'Created', isWideOnly: true, cell: ({ create_time: time }) => <RelativeTime time={time} /> },
    {
      header: 'Actions',
      align: 'end',
      cell: (client) => <Menu label={`Actions for ${client.name}`} trigger="icon" items={itemsOf(client)} />,
    },
  ];
}

function LastUsed({ client: { last_used_time: time } }: { client: ApiClient }) {
  return time === null ? 'Never' : <RelativeTime time={time} />;
}

function ClientCell({ client }: { client: ApiClient }) {
  const { name, client_id: id, scopes } = client;
  return (
    <div className={styles.lines}>
      <span className={styles.name}>
        <ForeignText text={name} />
      </span>
      <code className={styles.soft}>{id}</code>
      <span className={styles.narrow}>
        <Scopes scopes={scopes} />
      </span>
      <span className={`${styles.narrow} ${styles.soft}`}>
        Last used: <LastUsed client={client} />
      </span>
    </div>
  );
}

function Scopes({ scopes }: { scopes: ApiClient['scopes'] }) {
  return (
    <span className={styles.scopes}>
      {scopes.map((scope) => (
        <Badge key={scope}>{scope}</Badge>
      ))}
    </span>
  );
}
