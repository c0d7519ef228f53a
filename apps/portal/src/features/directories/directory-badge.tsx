import type { Directory } from '@rollcall/sdk';
import { describeStatus } from '../../shared/format/directory-status';
import { Badge } from '../../shared/ui/badge';

/** The state of a directory, as the server tells it. */
export function DirectoryBadge({ directory }: { directory: Directory }) {
  const { tone, label } = describeStatus(directory.health.state);
  return (
    <Badge tone={tone} dot>
      {label}
    </Badge>
  );
}
