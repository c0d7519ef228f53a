import type { Directory } from '@rollcall/sdk';
import { describeStatus } from '../../shared/format/directory-status';
import { useNow } from '../../shared/hooks/use-now';
import { Badge } from '../../shared/ui/badge';

const TICK_MS = 1_000;

/** The state of a directory, kept true by the clock also while the server cannot be asked. */
export function DirectoryBadge({ directory }: { directory: Directory }) {
  const { tone, label } = describeStatus(directory, useNow(TICK_MS));
  return (
    <Badge tone={tone} dot>
      {label}
    </Badge>
  );
}
