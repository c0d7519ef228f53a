import { joinCatalogues } from './join-catalogues';

export const messages = joinCatalogues(import.meta.glob('./en/*.po', { eager: true, import: 'messages' }));
