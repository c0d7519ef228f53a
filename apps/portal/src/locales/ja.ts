import { joinCatalogues } from './join-catalogues';

export const messages = joinCatalogues(import.meta.glob('./ja/*.po', { eager: true, import: 'messages' }));
