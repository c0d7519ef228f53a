import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { EXPORTED_MAX } from '@rollcall/contract';
import { useMutation } from '@tanstack/react-query';
import { exportUsers, type ListQuery } from '../../shared/api/portal-api';
import { saveFile } from '../../shared/api/save-file';
import { readSurface } from '../../shared/api/surface';
import { theVendor } from '../../shared/branding/app-name';
import { formatNumber } from '../../shared/format/format-count';
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
      announce(t`The file with the users has been saved.`);
    },
  });
  if (!readSurface().exportsUsers) return null;
  const vendor = theVendor();
  const max = formatNumber(EXPORTED_MAX);
  return (
    <>
      <Button icon="download" unavailable={total === 0} onClick={() => setIsAsked(true)}>
        <Trans>Export</Trans>
      </Button>
      {isAsked && (
        <ConfirmDialog
          title={plural({ count: Math.min(total, EXPORTED_MAX) }, { one: 'Export # user?', other: 'Export # users?' })}
          confirmLabel={t`Save as CSV`}
          busy={save.isPending}
          error={save.error}
          onConfirm={() => save.mutate()}
          onClose={() => {
            save.reset();
            setIsAsked(false);
          }}
        >
          <p>
            <Trans>
              The file has the users that the list shows now, with External ID, names, addresses, status, groups and
              roles. That it was taken is in the log that {vendor} can read.
            </Trans>
          </p>
          {total > EXPORTED_MAX && (
            <p>
              <Trans>It ends after {max} users. Narrow the list to take the others along.</Trans>
            </p>
          )}
        </ConfirmDialog>
      )}
    </>
  );
}
