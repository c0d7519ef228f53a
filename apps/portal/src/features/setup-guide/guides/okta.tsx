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
function addFromCatalog(id: string, app: string): GuideStep {
  return {
    id,
    title: 'Add the SCIM app',
    doneBy: 'first_request_time',
    body: () => (
      <>
        <p>
          In the Okta Admin Console open <Path steps={['Applications', 'Applications', 'Browse App Catalog']} />. Search
          for <Ui>{app}</Ui>, open it and choose <Ui>Add Integration</Ui>. If the vendor has an app of its own in the
          catalog, take that one.
        </p>
        <p>
          Name it after <TheApp /> and tick <Ui>Do not display application icon to users</Ui>. On the{' '}
          <Ui>Sign-On Options</Ui> page set <Ui>Application username format</Ui> to <Ui>Email</Ui>, then <Ui>Done</Ui>.
        </p>
      </>
    ),
  };
}

const ENABLE_API = (
  <p>
    On the <Ui>Provisioning</Ui> tab choose <Ui>Configure API Integration</Ui> and tick <Ui>Enable API Integration</Ui>.
  </p>
);

const TEST_CREDENTIALS: GuideStep = {
  id: 'catalog-test',
  title: 'Test API Credentials',
  doneBy: 'first_request_time',
  body: () => (
    <p>
      Choose <Ui>Test API Credentials</Ui>. Okta answers “verified successfully”, and this page turns to Connected. Then{' '}
      <Ui>Save</Ui>. If it turns to Refused, the token was not copied whole.
    </p>
  ),
};

export const OKTA_GUIDE: ProviderGuide = {
  documentation: {
    title: 'Okta’s own documentation: Add SCIM provisioning to app integrations',
    url: 'https://help.okta.com/en-us/content/topics/apps/apps_app_integration_wizard_scim.htm',
  },
  variants: [
    {
      id: 'catalog',
      label: 'Catalog app',
      intro: 'The quickest way: an app in Okta for provisioning alone. Sign-on stays as it is.',
      steps: [
        addFromCatalog('catalog-add', 'SCIM 2.0 Test App (OAuth Bearer Token)'),
        {
          id: 'catalog-connect',
          title: 'Paste the endpoint URL and the token',
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
                  Untick it: groups flow from Okta to <TheApp />
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
      label: 'Header auth',
      intro: 'The same with the header auth variant of the app, whose token field is sent exactly as it is filled in.',
      steps: [
        addFromCatalog('header-add', 'SCIM 2.0 Test App (Header Auth)'),
        {
          id: 'header-connect',
          title: 'Paste the base URL and the token with “Bearer”',
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
                  Untick it: groups flow from Okta to <TheApp />
                </Field>
              </Fields>
              <p>
                The word <Code>Bearer</Code> and a space stand before the token: Okta adds nothing to this field.
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
      label: 'Own SAML or SWA app',
      intro: (
        <>
          When people already sign in through an app made with Okta’s App Integration Wizard. Okta offers SCIM for SAML
          and SWA apps, not for OIDC apps: for those, add an app from the catalog beside them.
        </>
      ),
      steps: [
        {
          id: 'aiw-scim',
          title: 'Switch on SCIM in the app',
          doneBy: 'first_request_time',
          body: () => (
            <>
              <p>
                Open the app in <Path steps={['Applications', 'Applications']} />. On the <Ui>General</Ui> tab choose{' '}
                <Ui>Edit</Ui> beside <Ui>App Settings</Ui>, set <Ui>Provisioning</Ui> to <Ui>SCIM</Ui> and <Ui>Save</Ui>
                . A <Ui>Provisioning</Ui> tab appears.
              </p>
              <p>
                In some organizations the choice <Ui>SCIM</Ui> is missing until Okta’s support has enabled it. You need
                not wait: an app from the catalog beside this one does the same.
              </p>
            </>
          ),
        },
        {
          id: 'aiw-connect',
          title: 'Fill in the SCIM connection',
          doneBy: 'first_request_time',
          body: (values) => (
            <>
              <p>
                Open <Path steps={['Provisioning', 'Integration']} /> and choose <Ui>Edit</Ui>.
              </p>
              <Fields>
                <Field name="SCIM connector base URL">
                  <EndpointValue values={values} />
                </Field>
                <Field name="Unique identifier field for users">
                  <Code>userName</Code>
                </Field>
                <Field name="Supported provisioning actions">
                  Tick <Ui>Push New Users</Ui>, <Ui>Push Profile Updates</Ui> and <Ui>Push Groups</Ui>. Leave both
                  imports unticked
                </Field>
                <Field name="Authentication Mode">
                  <Ui>HTTP Header</Ui>
                </Field>
                <Field name="Authorization">
                  <TokenValue values={values} />
                  <span className="visually-hidden">. </span>
                  <span> Okta writes “Bearer” in front of it</span>
                </Field>
              </Fields>
            </>
          ),
        },
        {
          id: 'aiw-test',
          title: 'Test Connector Configuration',
          doneBy: 'first_request_time',
          body: () => (
            <p>
              Choose <Ui>Test Connector Configuration</Ui>. Every action you ticked gets a green check mark, and this
              page turns to Connected. Close the result and <Ui>Save</Ui>.
            </p>
          ),
        },
        ...OKTA_STEPS,
      ],
    },
  ],
  notes: OKTA_NOTES,
};
