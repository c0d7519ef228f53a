import { useParams } from 'react-router';
import { EventView } from '../../features/events/event-view';

export function EventPage() {
  const { eventId = '' } = useParams();
  return <EventView eventId={eventId} />;
}
