import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../shared/styles/tokens.css';
import '../shared/styles/base.css';
import { enterSurface } from '../shared/api/surface';
import { activateLanguage } from '../shared/language/activate-language';
import { LanguageProvider } from '../shared/language/language-provider';
import { loadAllMessages } from '../shared/language/load-messages';
import { rescueFocus } from '../shared/ui/rescue-focus';
import { Dashboard } from './dashboard';
import { dashboardSurface } from './dashboard-surface';

const root = document.getElementById('root');
if (!root) throw new Error('dashboard.html has no element #root');

enterSurface(dashboardSurface);
rescueFocus(root);
void activateLanguage('en')
  .then(loadAllMessages)
  .then(() => {
    createRoot(root).render(
      <StrictMode>
        <LanguageProvider>
          <Dashboard />
        </LanguageProvider>
      </StrictMode>,
    );
  });
