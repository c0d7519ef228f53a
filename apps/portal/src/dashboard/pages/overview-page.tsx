import { Overview } from '../../features/overview/overview';

export function OverviewPage() {
  return <Overview />;
}
