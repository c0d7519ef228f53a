import { joinCatalogues } from './join-catalogues';

export const messages = joinCatalogues(import.meta.glob('./de/*.po', { eager: true, import: 'messages' }));
