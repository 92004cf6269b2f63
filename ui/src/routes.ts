/* Every page: its address, the right it needs, and where its code is. Each is loaded when it is first opened. */
import type { Component } from 'svelte';
import type { Right } from '$/lib/api';
import type { Key } from '$/lib/i18n.svelte';

export interface Route {
  path: string;
  title: Key;
  right: Right;
  load: () => Promise<{ default: Component<any> }>;
  /* Public pages are shown without the menu. */
  bare?: boolean;
}

export const routes: Route[] = [
  { path: '/', title: 'ui.menu.journeys', right: 'journeys.read', load: () => import('$/pages/journeys/Journeys.svelte') },
  { path: '/journeys/:id/touchpoints/:tp', title: 'ui.touchpoint.title', right: 'journeys.read', load: () => import('$/pages/journeys/TouchpointPage.svelte') },
  { path: '/overview', title: 'ui.menu.overview', right: 'ask', load: () => import('$/pages/overview/Overview.svelte') },
  { path: '/explore', title: 'ui.menu.explore', right: 'ask', load: () => import('$/pages/explore/Explore.svelte') },
  { path: '/explore/ask', title: 'ui.explore.ask', right: 'ask', load: () => import('$/pages/explore/Ask.svelte') },
  { path: '/explore/dashboards/:id', title: 'ui.explore.board', right: 'ask', load: () => import('$/pages/explore/DashboardPage.svelte') },
  { path: '/voices', title: 'ui.menu.voices', right: 'voices.read', load: () => import('$/pages/voices/Inbox.svelte') },
  { path: '/voices/topics', title: 'ui.voices.topics', right: 'voices.read', load: () => import('$/pages/voices/topics/Topics.svelte') },
  { path: '/voices/drivers', title: 'ui.voices.drivers', right: 'voices.read', load: () => import('$/pages/voices/drivers/Drivers.svelte') },
  { path: '/voices/trends', title: 'ui.voices.trends', right: 'voices.read', load: () => import('$/pages/voices/trends/Trends.svelte') },
  { path: '/voices/pains', title: 'ui.voices.pains', right: 'voices.read', load: () => import('$/pages/voices/pains/Pains.svelte') },
  { path: '/voices/pains/:id', title: 'ui.voices.pains', right: 'voices.read', load: () => import('$/pages/voices/pains/PainPage.svelte') },
  { path: '/voices/studies', title: 'ui.voices.studies', right: 'voices.read', load: () => import('$/pages/voices/studies/Studies.svelte') },
  { path: '/voices/studies/:id', title: 'ui.voices.studies', right: 'voices.read', load: () => import('$/pages/voices/studies/StudyPage.svelte') },
  { path: '/voices/promises', title: 'ui.voices.promises', right: 'voices.read', load: () => import('$/pages/voices/promises/Promises.svelte') },
  { path: '/voices/promises/:id', title: 'ui.voices.promises', right: 'voices.read', load: () => import('$/pages/voices/promises/PromisePage.svelte') },
  { path: '/voices/models', title: 'ui.voices.models', right: 'voices.read', load: () => import('$/pages/voices/models/Models.svelte') },
  { path: '/voices/proposals', title: 'ui.voices.proposals', right: 'voices.read', load: () => import('$/pages/voices/proposals/Proposals.svelte') },
  { path: '/voices/meeting', title: 'ui.meeting.title', right: 'voices.read', load: () => import('$/pages/voices/proposals/Meeting.svelte') },
  { path: '/voices/sample-size', title: 'ui.sample.title', right: 'surveys.read', load: () => import('$/pages/voices/SampleSize.svelte') },
  { path: '/voices/benchmarks', title: 'ui.benchmarks.title', right: 'ask', load: () => import('$/pages/voices/Benchmarks.svelte') },
  { path: '/voices/surveys', title: 'ui.voices.surveys', right: 'surveys.read', load: () => import('$/pages/surveys/Surveys.svelte') },
  { path: '/voices/surveys/bank', title: 'ui.survey.bank', right: 'surveys.read', load: () => import('$/pages/surveys/BankPage.svelte') },
  { path: '/voices/surveys/:id', title: 'ui.survey.tab.build', right: 'surveys.read', load: () => import('$/pages/surveys/SurveyPage.svelte') },
  { path: '/voices/surveys/:id/share', title: 'ui.survey.tab.share', right: 'surveys.read', load: () => import('$/pages/surveys/share/Share.svelte') },
  { path: '/voices/surveys/:id/results', title: 'ui.survey.tab.results', right: 'surveys.read', load: () => import('$/pages/surveys/results/Results.svelte') },
  { path: '/voices/surveys/:id/responses', title: 'ui.survey.tab.responses', right: 'voices.read', load: () => import('$/pages/surveys/results/Responses.svelte') },
  { path: '/voices/surveys/:id/responses/:response', title: 'ui.survey.tab.responses', right: 'voices.read', load: () => import('$/pages/surveys/results/ResponsePage.svelte') },
  { path: '/voices/surveys/:id/versions', title: 'ui.survey.tab.versions', right: 'surveys.read', load: () => import('$/pages/surveys/Versions.svelte') },
  { path: '/rules', title: 'ui.rules.title', right: 'rules.read', load: () => import('$/pages/rules/Rules.svelte') },
  { path: '/rules/notices', title: 'ui.rules.notices', right: 'rules.read', load: () => import('$/pages/rules/Notices.svelte') },
  { path: '/rules/sending', title: 'ui.rules.sending', right: 'rules.read', load: () => import('$/pages/rules/SendingPage.svelte') },
  { path: '/rules/targets', title: 'ui.rules.targets', right: 'rules.read', load: () => import('$/pages/rules/Targets.svelte') },
  { path: '/rules/wordings', title: 'ui.rules.wordings', right: 'rules.read', load: () => import('$/pages/rules/Wordings.svelte') },
  { path: '/rules/:id', title: 'ui.rules.title', right: 'rules.read', load: () => import('$/pages/rules/RulePage.svelte') },
  { path: '/people', title: 'ui.menu.people', right: 'people.read', load: () => import('$/pages/people/People.svelte') },
  { path: '/people/:id', title: 'ui.person.one', right: 'people.read', load: () => import('$/pages/people/PersonPage.svelte') },
  { path: '/glossary', title: 'ui.menu.glossary', right: 'public', load: () => import('$/pages/glossary/Glossary.svelte') },
  { path: '/imports', title: 'ui.imports.title', right: 'imports.read', load: () => import('$/pages/imports/Imports.svelte') },
  { path: '/imports/new', title: 'ui.imports.new', right: 'imports.write', load: () => import('$/pages/imports/NewImport.svelte') },
  { path: '/imports/:id', title: 'ui.imports.title', right: 'imports.read', load: () => import('$/pages/imports/ImportPage.svelte') },
  { path: '/debugger', title: 'ui.debugger.title', right: 'debugger.read', load: () => import('$/pages/debugger/Debugger.svelte') },
  { path: '/settings', title: 'ui.settings.title', right: 'journeys.write', load: () => import('$/pages/settings/Settings.svelte') },
  { path: '/settings/organisation', title: 'ui.settings.organisation', right: 'settings.write', load: () => import('$/pages/settings/Organisation.svelte') },
  { path: '/settings/journeys', title: 'ui.settings.journeys', right: 'journeys.write', load: () => import('$/pages/editor/JourneyList.svelte') },
  { path: '/settings/journeys/:id', title: 'ui.settings.journeys', right: 'journeys.write', load: () => import('$/pages/editor/Editor.svelte') },
  { path: '/settings/users', title: 'ui.settings.users', right: 'users.manage', load: () => import('$/pages/settings/Users.svelte') },
  { path: '/settings/keys', title: 'ui.settings.keys', right: 'keys.manage', load: () => import('$/pages/settings/Keys.svelte') },
  { path: '/settings/audit', title: 'ui.settings.audit', right: 'audit.read', load: () => import('$/pages/settings/Audit.svelte') },
  { path: '/settings/system', title: 'ui.settings.system', right: 'settings.write', load: () => import('$/pages/settings/System.svelte') },
  { path: '/account', title: 'ui.account.title', right: 'signed_in', load: () => import('$/pages/account/Account.svelte') },
  { path: '/sign-in', title: 'ui.signin.title', right: 'public', bare: true, load: () => import('$/pages/signin/SignIn.svelte') },
  { path: '/welcome', title: 'ui.welcome.title', right: 'public', bare: true, load: () => import('$/pages/signin/Welcome.svelte') },
];

export interface MenuItem {
  path: string;
  /* The period and filter of the page before go along. */
  keeps?: boolean;
  label: Key;
  icon: string;
}

/* In the order of the menu; an item is shown when the user has the right of its page. */
export const menu: MenuItem[] = [
  { path: '/', label: 'ui.menu.journeys', icon: 'journey', keeps: true },
  { path: '/overview', label: 'ui.menu.overview', icon: 'chart', keeps: true },
  { path: '/explore', label: 'ui.menu.explore', icon: 'compass' },
  { path: '/voices', label: 'ui.menu.voices', icon: 'voices', keeps: true },
  { path: '/people', label: 'ui.menu.people', icon: 'people' },
  { path: '/rules', label: 'ui.rules.title', icon: 'flow' },
  { path: '/imports', label: 'ui.imports.title', icon: 'upload' },
  { path: '/debugger', label: 'ui.debugger.menu', icon: 'pulse' },
  { path: '/settings', label: 'ui.settings.title', icon: 'settings' },
  { path: '/glossary', label: 'ui.menu.glossary', icon: 'book' },
];
