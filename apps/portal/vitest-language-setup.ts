import { i18n } from '@lingui/core';

// Texts are tested as they are written in the code: in English.
i18n.loadAndActivate({ locale: 'en', messages: {} });
