import { msg } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import {
  Code,
  EndpointValue,
  Field,
  Fields,
  Path,
  TheApp,
  TokenValue,
  Ui,
  type GuideStep,
  type ProviderGuide,
} from '../guide';
import { OKTA_NOTES, OKTA_STEPS } from './okta-steps';

/** How an app of Okta's catalog is added; they differ by the form of the token. */
function addFromCatalog(id: string, entry: string): GuideStep {
  return {
    id,
    title: msg`Add the SCIM app`,
    doneBy: 'first_request_time',
    body: () => (
      <>
        <p>
          <Trans>
            In the Okta Admin Console open <Path steps={['Applications', 'Applications', 'Browse App Catalog']} />.
            Search for <Ui>{entry}</Ui>, open it and choose <Ui>Add Integration</Ui>. If the vendor has an app of its
            own in the catalog, take that one.
          </Trans>
        </p>
        <p>
          <Trans>
            Name it after <TheApp /> and tick <Ui>Do not display application icon to users</Ui>. On the{' '}
            <Ui>Sign-On Options</Ui> page set <Ui>Application username format</Ui> to <Ui>Email</Ui>, then <Ui>Done</Ui>
            .
          </Trans>
        </p>
      </>
    ),
  };
}

const ENABLE_API = (
  <p>
    <Trans>
      On the <Ui>Provisioning</Ui> tab choose <Ui>Configure API Integration</Ui> and tick{' '}
      <Ui>Enable API Integration</Ui>.
    </Trans>
  </p>
);

const TEST_CREDENTIALS: GuideStep = {
  id: 'catalog-test',
  title: msg`Test API Credentials`,
  doneBy: 'first_request_time',
  body: () => (
    <p>
      <Trans>
        Choose <Ui>Test API Credentials</Ui>. Okta answers “verified successfully”, and this page turns to Connected.
        Then <Ui>Save</Ui>. If it turns to Refused, the token was not copied whole.
      </Trans>
    </p>
  ),
};

export const OKTA_GUIDE: ProviderGuide = {
  documentation: {
    title: msg`Okta’s own documentation: Add SCIM provisioning to app integrations`,
    url: 'https://help.okta.com/en-us/content/topics/apps/apps_app_integration_wizard_scim.htm',
  },
  variants: [
    {
      id: 'catalog',
      label: msg`Catalog app`,
      intro: <Trans>The quickest way: an app in Okta for provisioning alone. Sign-on stays as it is.</Trans>,
      steps: [
        addFromCatalog('catalog-add', 'SCIM 2.0 Test App (OAuth Bearer Token)'),
        {
          id: 'catalog-connect',
          title: msg`Paste the endpoint URL and the token`,
          doneBy: 'first_request_time',
          body: (values) => (
            <>
              {ENABLE_API}
              <Fields>
                <Field name="SCIM 2.0 Base Url">
                  <EndpointValue values={values} />
                </Field>
                <Field name="OAuth Bearer Token">
                  <TokenValue values={values} />
                </Field>
                <Field name="Import Groups">
                  <Trans>
                    Untick it: groups flow from Okta to <TheApp />
                  </Trans>
                </Field>
              </Fields>
            </>
          ),
        },
        TEST_CREDENTIALS,
        ...OKTA_STEPS,
      ],
    },
    {
      id: 'header',
      label: msg`Header auth`,
      intro: (
        <Trans>
          The same with the header auth variant of the app, whose token field is sent exactly as it is filled in.
        </Trans>
      ),
      steps: [
        addFromCatalog('header-add', 'SCIM 2.0 Test App (Header Auth)'),
        {
          id: 'header-connect',
          title: msg`Paste the base URL and the token with “Bearer”`,
          doneBy: 'first_request_time',
          body: (values) => (
            <>
              {ENABLE_API}
              <Fields>
                <Field name="Base URL">
                  <EndpointValue values={values} />
                </Field>
                <Field name="API Token">
                  <TokenValue values={values} prefix="Bearer " />
                </Field>
                <Field name="Import Groups">
                  <Trans>
                    Untick it: groups flow from Okta to <TheApp />
                  </Trans>
                </Field>
              </Fields>
              <p>
                <Trans>
                  The word <Code>Bearer</Code> and a space stand before the token: Okta adds nothing to this field.
                </Trans>
              </p>
            </>
          ),
        },
        TEST_CREDENTIALS,
        ...OKTA_STEPS,
      ],
    },
    {
      id: 'aiw',
      label: msg`Own SAML or SWA app`,
      intro: (
        <Trans>
          When people already sign in through an app made with Okta’s App Integration Wizard. Okta offers SCIM for SAML
          and SWA apps, not for OIDC apps: for those, add an app from the catalog beside them.
        </Trans>
      ),
      steps: [
        {
          id: 'aiw-scim',
          title: msg`Switch on SCIM in the app`,
          doneBy: 'first_request_time',
          body: () => (
            <>
              <p>
                <Trans>
                  Open the app in <Path steps={['Applications', 'Applications']} />. On the <Ui>General</Ui> tab choose{' '}
                  <Ui>Edit</Ui> beside <Ui>App Settings</Ui>, set <Ui>Provisioning</Ui> to <Ui>SCIM</Ui> and{' '}
                  <Ui>Save</Ui>. A <Ui>Provisioning</Ui> tab appears.
                </Trans>
              </p>
              <p>
                <Trans>
                  In some organizations the choice <Ui>SCIM</Ui> is missing until Okta’s support has enabled it. You
                  need not wait: an app from the catalog beside this one does the same.
                </Trans>
              </p>
            </>
          ),
        },
        {
          id: 'aiw-connect',
          title: msg`Fill in the SCIM connection`,
          doneBy: 'first_request_time',
          body: (values) => (
            <>
              <p>
                <Trans>
                  Open <Path steps={['Provisioning', 'Integration']} /> and choose <Ui>Edit</Ui>.
                </Trans>
              </p>
              <Fields>
                <Field name="SCIM connector base URL">
                  <EndpointValue values={values} />
                </Field>
                <Field name="Unique identifier field for users">
                  <Code>userName</Code>
                </Field>
                <Field name="Supported provisioning actions">
                  <Trans>
                    Tick <Ui>Push New Users</Ui>, <Ui>Push Profile Updates</Ui> and <Ui>Push Groups</Ui>. Leave both
                    imports unticked
                  </Trans>
                </Field>
                <Field name="Authentication Mode">
                  <Ui>HTTP Header</Ui>
                </Field>
                <Field name="Authorization">
                  <TokenValue values={values} />
                  <span className="visually-hidden">. </span>{' '}
                  <span>
                    <Trans>Okta writes “Bearer” in front of it</Trans>
                  </span>
                </Field>
              </Fields>
            </>
          ),
        },
        {
          id: 'aiw-test',
          title: msg`Test Connector Configuration`,
          doneBy: 'first_request_time',
          body: () => (
            <p>
              <Trans>
                Choose <Ui>Test Connector Configuration</Ui>. Every action you ticked gets a green check mark, and this
                page turns to Connected. Close the result and <Ui>Save</Ui>.
              </Trans>
            </p>
          ),
        },
        ...OKTA_STEPS,
      ],
    },
  ],
  notes: OKTA_NOTES,
};
