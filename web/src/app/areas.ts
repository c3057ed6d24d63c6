// The chapters of confidentiality work, in the order in which people think of them. A register says in which it stands.
export const AREAS = [
  "classification",
  "custody",
  "people",
  "places",
  "meeting",
  "training",
  "incident",
  "inspection",
  "media",
  "systems",
  "release",
  "office",
];
