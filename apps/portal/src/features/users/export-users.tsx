import { useState } from 'react';
import { EXPORTED_MAX } from '@rollcall/contract';
import { useMutation } from '@tanstack/react-query';
import { exportUsers, type ListQuery } from '../../shared/api/portal-api';
import { saveFile } from '../../shared/api/save-file';
import { readSurface } from '../../shared/api/surface';
import { theVendor } from '../../shared/branding/app-name';
import { formatCount, formatNumber } from '../../shared/format/format-count';
import { useAnnounce } from '../../shared/ui/announcer';
import { Button } from '../../shared/ui/button';
import { ConfirmDialog } from '../../shared/ui/dialog';

interface ExportUsersProps {
  directoryId: string;
  list: Pick<ListQuery, 'query' | 'parameters'>;
  total: number | undefined;
}

/** Takes the users that the list shows along as a file for a spreadsheet, after saying what is in it. */
export function ExportUsers({ directoryId, list, total = 0 }: ExportUsersProps) {
  const [isAsked, setIsAsked] = useState(false);
  const announce = useAnnounce();
  const save = useMutation({
    mutationFn: () => exportUsers(directoryId, list),
    onSuccess: (file) => {
      saveFile(file, 'users.csv');
      setIsAsked(false);
      announce('The file with the users has been saved.');
    },
  });
  if (!readSurface().exportsUsers) return null;
  return (
    <>
      <Button icon="download" unavailable={total === 0} onClick={() => setIsAsked(true)}>
        Export
      </Button>
      {isAsked && (
        <ConfirmDialog
          title={`Export ${formatCount(Math.min(total, EXPORTED_MAX), 'user')}?`}
          confirmLabel="Save as CSV"
          busy={save.isPending}
          error={save.error}
          onConfirm={() => save.mutate()}
          onClose={() => {
            save.reset();
            setIsAsked(false);
          }}
        >
          <p>
            The file has the users that the list shows now, with External ID, names, addresses, status, groups and
            roles. That it was taken is in the log that {theVendor()} can read.
          </p>
          {total > EXPORTED_MAX && (
            <p>It ends after {formatNumber(EXPORTED_MAX)} users. Narrow the list to take the others along.</p>
          )}
        </ConfirmDialog>
      )}
    </>
  );
}
