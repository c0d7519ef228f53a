import { joinCatalogues } from './join-catalogues';

/** Without those in `later`, which `load-messages.ts` loads. */
export const messages = joinCatalogues(import.meta.glob('./en/*.po', { eager: true, import: 'messages' }));
