import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../shared/styles/tokens.css';
import '../shared/styles/base.css';
import { activateLanguage } from '../shared/language/activate-language';
import { chooseLanguage } from '../shared/language/choose-language';
import { readKeptLanguage } from '../shared/language/kept-language';
import { LanguageProvider } from '../shared/language/language-provider';
import { rescueFocus } from '../shared/ui/rescue-focus';
import { learnAllowedOrigins } from './learn-allowed-origins';
import { App } from './app';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root');

void learnAllowedOrigins();
rescueFocus(root);
// Not by a top-level await: what other chunks share with this one would have to be in further ones.
void activateLanguage(chooseLanguage(readKeptLanguage(), navigator.languages)).then(() => {
  createRoot(root).render(
    <StrictMode>
      <LanguageProvider>
        <App />
      </LanguageProvider>
    </StrictMode>,
  );
});
