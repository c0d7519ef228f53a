import { joinCatalogues } from './join-catalogues';

/** Without those of `load-messages.ts`. */
export const messages = joinCatalogues(
  import.meta.glob(['./es/*.po', '!./es/{explain,guides,held,mapping,requests}.po'], {
    eager: true,
    import: 'messages',
  }),
);
