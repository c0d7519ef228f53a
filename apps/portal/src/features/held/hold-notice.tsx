import { plural } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Directory } from '@rollcall/sdk';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { ButtonLink } from '../../shared/ui/button';
import { Notice } from '../../shared/ui/notice';

interface HoldNoticeProps {
  directory: Pick<Directory, 'directory_provider' | 'deprovisioning'>;
  /** Where it is decided. */
  to: string;
}

/** Says on every page of a directory that people wait to lose their access, and where that is decided. */
export function HoldNotice({ directory, to }: HoldNoticeProps) {
  const { state, held_users: held } = directory.deprovisioning;
  if (state !== 'HELD') return null;
  const provider = findProvider(directory.directory_provider).shortName;
  return (
    <Notice
      tone="waiting"
      role="status"
      title={plural(
        { count: held },
        {
          one: '# person would lose access: held back until you decide',
          other: '# people would lose access: held back until you decide',
        },
      )}
      actions={
        <ButtonLink to={to}>
          <Trans>Review held changes</Trans>
        </ButtonLink>
      }
    >
      <Trans>{provider} deactivated or deleted more people at once than is let through without a look.</Trans>
    </Notice>
  );
}
