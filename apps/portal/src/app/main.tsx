import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../shared/styles/tokens.css';
import '../shared/styles/base.css';
import { rescueFocus } from '../shared/ui/rescue-focus';
import { learnAllowedOrigins } from './learn-allowed-origins';
import { App } from './app';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root');

void learnAllowedOrigins();
rescueFocus(root);
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
