import { ErrorNotice } from './notice';
import { PageIntro } from './page-intro';
import { Trail } from './trail';

interface UnreadPageProps {
  /** What the page shows, as long as its name is not known. */
  title: string;
  /** The page above it. */
  up: { to: string; label: string };
  error: unknown;
  onRetry: () => void;
}

/** A page whose data could not be read: still named, and a way on. */
export function UnreadPage({ title, up, error, onRetry }: UnreadPageProps) {
  return (
    <div>
      <PageIntro trail={<Trail {...up} />} title={title} />
      <ErrorNotice error={error} onRetry={onRetry} />
    </div>
  );
}
