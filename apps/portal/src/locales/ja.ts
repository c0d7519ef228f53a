import { joinCatalogues } from './join-catalogues';

/** Without those of `load-messages.ts`. */
export const messages = joinCatalogues(
  import.meta.glob(['./ja/*.po', '!./ja/{explain,guides,held,mapping,requests}.po'], {
    eager: true,
    import: 'messages',
  }),
);
