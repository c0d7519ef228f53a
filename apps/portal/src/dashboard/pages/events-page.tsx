import { EventsList } from '../../features/events/events-list';
import { PageIntro } from '../../shared/ui/page-intro';

export function EventsPage() {
  return (
    <>
      <PageIntro title="Events" lead="Everything that was published, as your app is told of it." />
      <EventsList />
    </>
  );
}
