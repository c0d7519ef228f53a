import { Route } from 'react-router';
import { laterPage } from '../shared/ui/later-page';

// Each page is loaded when somebody goes there.
const OverviewPage = laterPage(async () => (await import('./pages/overview-page')).OverviewPage);
const WebhooksPage = laterPage(async () => (await import('./pages/webhooks-page')).WebhooksPage);
const WebhookPage = laterPage(async () => (await import('./pages/webhook-page')).WebhookPage);
const EventsPage = laterPage(async () => (await import('./pages/events-page')).EventsPage);
const EventPage = laterPage(async () => (await import('./pages/event-page')).EventPage);
const ApiClientsPage = laterPage(async () => (await import('./pages/api-clients-page')).ApiClientsPage);
const AuditLogPage = laterPage(async () => (await import('./pages/audit-log-page')).AuditLogPage);

/** How the environment fares, what is delivered and where to, and who did what. */
export const DELIVERY_ROUTES = (
  <>
    <Route index element={<OverviewPage />} />
    <Route path="webhooks">
      <Route index element={<WebhooksPage />} />
      <Route path=":endpointId" element={<WebhookPage part="deliveries" />} />
      <Route path=":endpointId/replays" element={<WebhookPage part="replays" />} />
      <Route path=":endpointId/settings" element={<WebhookPage part="settings" />} />
      <Route path=":endpointId/verify" element={<WebhookPage part="verify" />} />
    </Route>
    <Route path="events" element={<EventsPage />} />
    <Route path="events/:eventId" element={<EventPage />} />
    <Route path="api-clients" element={<ApiClientsPage />} />
    <Route path="audit-log" element={<AuditLogPage />} />
  </>
);
