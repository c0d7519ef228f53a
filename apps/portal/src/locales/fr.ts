import { joinCatalogues } from './join-catalogues';

export const messages = joinCatalogues(import.meta.glob('./fr/*.po', { eager: true, import: 'messages' }));
