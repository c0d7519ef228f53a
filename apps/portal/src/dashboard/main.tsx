import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../shared/styles/tokens.css';
import '../shared/styles/base.css';
import { enterSurface } from '../shared/api/surface';
import { activateLanguage } from '../shared/language/activate-language';
import { LanguageProvider } from '../shared/language/language-provider';
import { loadAllMessages } from '../shared/language/load-messages';
import { rescueFocus } from '../shared/ui/rescue-focus';
import { WordlessPage } from '../shared/ui/wordless-page';
import { beginDashboard, Dashboard } from './dashboard';
import { dashboardSurface } from './dashboard-surface';

const element = document.getElementById('root');
if (!element) throw new Error('dashboard.html has no element #root');
const root = createRoot(element);

enterSurface(dashboardSurface);
rescueFocus(element);
const messages = Promise.all([activateLanguage('en'), loadAllMessages()]);
const page = beginDashboard(location.pathname);
void messages.then(
  () =>
    root.render(
      <StrictMode>
        <LanguageProvider>
          <Dashboard {...page} />
        </LanguageProvider>
      </StrictMode>,
    ),
  () => root.render(<WordlessPage />),
);
