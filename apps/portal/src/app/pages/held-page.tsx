import { HeldUsers } from '../../features/held/held-users';
import { useDirectory } from './directory-layout';

/** Who would lose access and waits for a decision. */
export function HeldPage() {
  return <HeldUsers directory={useDirectory()} />;
}
