import { joinCatalogues } from './join-catalogues';

export const messages = joinCatalogues(import.meta.glob('./es/*.po', { eager: true, import: 'messages' }));
