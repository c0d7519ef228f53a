import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../shared/styles/tokens.css';
import '../shared/styles/base.css';
import { tellParent } from '../shared/embedding/parent-page';
import { activateLanguage } from '../shared/language/activate-language';
import { chooseLanguage } from '../shared/language/choose-language';
import { readKeptLanguage } from '../shared/language/kept-language';
import { LanguageProvider } from '../shared/language/language-provider';
import { rescueFocus } from '../shared/ui/rescue-focus';
import { WordlessPage } from '../shared/ui/wordless-page';
import { learnAllowedOrigins } from './learn-allowed-origins';
import { App, beginPortal } from './app';

const element = document.getElementById('root');
if (!element) throw new Error('index.html has no element #root');
const root = createRoot(element);

void learnAllowedOrigins();
rescueFocus(element);
const language = activateLanguage(chooseLanguage(readKeptLanguage(), navigator.languages));
const client = beginPortal(location.pathname);
// Not by a top-level await: what other chunks share with this one would have to be in further ones.
void language.then(
  () =>
    root.render(
      <StrictMode>
        <LanguageProvider>
          <App client={client} />
        </LanguageProvider>
      </StrictMode>,
    ),
  () => {
    root.render(<WordlessPage />);
    tellParent({
      type: 'PORTAL_LOAD_FAILURE',
      code: 'network',
      message: 'The texts of the portal could not be loaded.',
    });
  },
);
