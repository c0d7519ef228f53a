import { useState } from 'react';
import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { switchLanguage } from '../../shared/language/kept-language';
import { isLanguage, LANGUAGES, type Language } from '../../shared/language/languages';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { Icon } from '../../shared/ui/icon';
import { Menu } from '../../shared/ui/menu';
import { Notice } from '../../shared/ui/notice';
import styles from './language-menu.module.css';

const TAGS = Object.keys(LANGUAGES).filter(isLanguage);

interface LanguageMenuProps {
  /** What would be lost by loading the page anew, a sentence each. */
  losses: readonly string[];
}

/** The languages by their own names. Another one is shown by loading the page anew, which is asked about while something would be lost. */
export function LanguageMenu({ losses }: LanguageMenuProps) {
  const [wanted, setWanted] = useState<Language | null>(null);
  const choose = (language: Language) => {
    if (language === i18n.locale) return;
    if (losses.length > 0) setWanted(language);
    else switchLanguage(language);
  };
  return (
    <>
      <Menu
        label={t`Language`}
        trigger="button"
        shown={
          <>
            <Icon name="globe" size={16} />
            <span className="visually-hidden">{t`Language:`} </span>
            <span className={styles.name} lang={i18n.locale}>
              {isLanguage(i18n.locale) ? LANGUAGES[i18n.locale].name : i18n.locale}
            </span>
          </>
        }
        items={TAGS.map((tag) => ({
          label: LANGUAGES[tag].name,
          language: tag,
          isChosen: tag === i18n.locale,
          onSelect: () => choose(tag),
        }))}
      />
      {wanted !== null && (
        <ConfirmDialog
          title={t`Load the page in another language?`}
          confirmLabel={t`Change the language`}
          tone="danger"
          busy={false}
          error={null}
          onConfirm={() => switchLanguage(wanted)}
          onClose={() => setWanted(null)}
        >
          <p>
            <Trans>The page is loaded anew. Everything you set up is saved.</Trans>
          </p>
          {losses.map((loss) => (
            <Notice key={loss} tone="waiting" title={loss}>
              <Trans>Nobody can show it again afterwards: copy it first.</Trans>
            </Notice>
          ))}
        </ConfirmDialog>
      )}
    </>
  );
}
