/** All texts of the pages, in plain English: one place to read them, and to translate them from. */
const TEXTS = {
  'common.clear': 'Clear',
  'common.close': 'Close',
  'common.copied': 'Copied',
  'common.datasource': 'Data source',
  'common.copyDetails': 'Copy details',
  'common.missing': '–',
  'common.notKnown': 'Not known',
  'common.tryAgain': 'Try again',
  'common.undo': 'Undo',
  'common.failed': 'The question was not answered',
  'common.noAnswer': 'Grafana did not answer.',

  'audience.bar': 'What narrows the list',
  'audience.remove': 'Remove {what}',
  'audience.segment': 'in {name}',
  'audience.edit': 'Edit as text',

  'count.all': '{total} users',
  'count.one': '1 user',
  'count.of': '{total} of {universe} users ({share})',
  'count.counting': 'counting ...',
  'count.before': '(before this change)',

  'facets.title': 'Facets',
  'facets.add': 'Add facet',
  'facets.more': 'Show more',
  'facets.none': 'No values',
  'facets.noMatch': 'Nothing matches',
  'facets.not': 'not',
  'facets.notTip': 'Without {value}',
  'facets.only': 'only',
  'facets.onlyTip': 'Only {value}',
  'facets.remove': 'Remove the facet {name}',
  'facets.search': 'Search {name}',
  'facets.excluded': 'left out',

  'filter.placeholder': 'Add a condition, such as last_country:BR',
  'filter.suggestions': 'Suggestions',

  'columns.title': 'Columns',
  'columns.search': 'Search columns',
  'columns.reset': 'Reset',
  'columns.up': 'Move {name} up',
  'columns.down': 'Move {name} down',
  'columns.hide': 'Hide {name}',
  'columns.shown': 'Shown',
  'columns.others': 'Others',
  'columns.user': 'User',
  'columns.show': 'Show {name}',

  'save.title': 'Save as segment',
  'save.name': 'Name',
  'save.nameHelp': 'As people will look for it',
  'save.id': 'Id',
  'save.idHelp': 'Used in filters: lower case letters, digits and hyphens',
  'save.save': 'Save',
  'save.cancel': 'Cancel',
  'save.counting': 'Counting ...',
  'save.role': 'Saving segments needs the role Editor.',
  'save.nothing': 'Everybody is no segment: narrow the list first.',
  'save.panel': 'The query of this panel has conditions that no segment can say.',
  'save.notSaid':
    'A segment cannot say {term}: it is about users or about events. Use two conditions, or one kind in it.',

  'users.search': 'Search name, e-mail or id',
  'users.filter': 'Filter',
  'users.columns': 'Columns',
  'users.export': 'Export CSV',
  'users.exporting': 'Exporting ...',
  'users.saveSegment': 'Save as segment',
  'users.saved': '{name} is a segment now; the list shows its users.',
  'users.undone': '{name} was deleted again.',
  'users.use': 'Use in a dashboard',
  'users.explore': 'Open in Explore',
  'users.copyQuery': 'Copy the query',
  'users.allTime': 'All time',
  'users.empty': 'There are no users yet',
  'users.emptyHelp':
    'Users appear here once events of them are in the store: import a file, send events to the inbox, or start the demo.',
  'users.noMatch': 'No user matches',
  'users.noMatchHelp': 'Take a condition away, or clear all of them.',
  'users.wrong': 'The filter cannot be read',
  'users.wrongHelp': 'Correct the condition that is marked, or take it away.',
  'users.anonymous': 'With anonymous users',
  'panel.wantsUsers': 'This panel shows users',
  'panel.wantsUsersHelp': 'Choose Footfall as its data source and the query Users.',

  'users.rows': 'Rows',
  'users.shown': '{from}–{to} of {total}',
  'users.table': 'Users',
  'users.noEmail': 'Only editors see e-mails here.',
} as const;

export type TextKey = keyof typeof TEXTS;

/** A text, with values for its placeholders. */
export function t(key: TextKey, values: Record<string, string | number> = {}): string {
  return TEXTS[key].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
