package demo

// place is a city with the people who live there.
type place struct {
	weight  int
	country string // ISO 3166-1 alpha-2
	region  string
	city    string
	offset  int // hours from UTC, without summer time
	names   *names
}

type names struct{ first, last []string }

var (
	portuguese = &names{
		[]string{"Ana", "Bruno", "Camila", "Diego", "Fernanda", "Gabriel", "Juliana", "Lucas", "Mariana", "Rafael"},
		[]string{"Almeida", "Barbosa", "Costa", "Ferreira", "Lima", "Oliveira", "Pereira", "Santos", "Silva", "Souza"},
	}
	english = &names{
		[]string{"Alice", "Benjamin", "Charlotte", "Daniel", "Emily", "George", "Hannah", "James", "Olivia", "Thomas"},
		[]string{"Baker", "Clark", "Davies", "Evans", "Harris", "Johnson", "Miller", "Taylor", "Walker", "Wright"},
	}
	german = &names{
		[]string{"Anna", "Felix", "Greta", "Jonas", "Katharina", "Lena", "Lukas", "Moritz", "Paula", "Sebastian"},
		[]string{"Bauer", "Fischer", "Hoffmann", "Keller", "Koch", "Müller", "Schneider", "Schulz", "Wagner", "Weber"},
	}
	french = &names{
		[]string{"Amélie", "Antoine", "Camille", "Chloé", "Hugo", "Julien", "Léa", "Louis", "Manon", "Nicolas"},
		[]string{"Bernard", "Dubois", "Fournier", "Girard", "Lambert", "Laurent", "Lefèvre", "Martin", "Moreau", "Roux"},
	}
	spanish = &names{
		[]string{"Alejandro", "Carmen", "Diego", "Elena", "Javier", "Lucía", "Manuel", "María", "Pablo", "Sofía"},
		[]string{"Fernández", "García", "Gómez", "Hernández", "López", "Martínez", "Pérez", "Ramírez", "Ruiz", "Torres"},
	}
	indian = &names{
		[]string{"Aarav", "Ananya", "Arjun", "Divya", "Ishaan", "Kavya", "Neha", "Priya", "Rahul", "Vikram"},
		[]string{"Desai", "Gupta", "Iyer", "Kapoor", "Mehta", "Nair", "Patel", "Rao", "Sharma", "Singh"},
	}
	japanese = &names{
		[]string{"Aoi", "Daiki", "Haruto", "Hina", "Kenji", "Mei", "Ren", "Sakura", "Yui", "Yuto"},
		[]string{"Ito", "Kato", "Kobayashi", "Nakamura", "Saito", "Sato", "Suzuki", "Takahashi", "Tanaka", "Yamamoto"},
	}
)

var places = []place{
	{14, "BR", "São Paulo", "São Paulo", -3, portuguese},
	{7, "BR", "Rio de Janeiro", "Rio de Janeiro", -3, portuguese},
	{4, "BR", "Minas Gerais", "Belo Horizonte", -3, portuguese},
	{3, "PT", "Lisboa", "Lisbon", 0, portuguese},
	{9, "US", "New York", "New York", -5, english},
	{8, "US", "California", "San Francisco", -8, english},
	{5, "US", "Texas", "Austin", -6, english},
	{7, "GB", "England", "London", 0, english},
	{3, "GB", "Scotland", "Edinburgh", 0, english},
	{3, "CA", "Ontario", "Toronto", -5, english},
	{3, "AU", "New South Wales", "Sydney", 10, english},
	{8, "DE", "Berlin", "Berlin", 1, german},
	{5, "DE", "Bavaria", "Munich", 1, german},
	{2, "AT", "Vienna", "Vienna", 1, german},
	{6, "FR", "Île-de-France", "Paris", 1, french},
	{2, "FR", "Auvergne-Rhône-Alpes", "Lyon", 1, french},
	{5, "ES", "Community of Madrid", "Madrid", 1, spanish},
	{5, "MX", "Mexico City", "Mexico City", -6, spanish},
	{3, "AR", "Buenos Aires", "Buenos Aires", -3, spanish},
	{7, "IN", "Karnataka", "Bengaluru", 5, indian},
	{4, "IN", "Maharashtra", "Mumbai", 5, indian},
	{4, "JP", "Tokyo", "Tokyo", 9, japanese},
}

// device is what fits together on one machine. Versions of browsers rise by one every four weeks.
type device struct {
	weight         int
	kind           string
	os, osVersion  string
	browser        string
	browserVersion int // at the start of 2026
}

var devices = []device{
	{26, "desktop", "Windows", "11", "Chrome", 143},
	{7, "desktop", "Windows", "11", "Edge", 143},
	{5, "desktop", "Windows", "10", "Firefox", 146},
	{9, "desktop", "macOS", "15", "Safari", 18},
	{6, "desktop", "macOS", "15", "Chrome", 143},
	{3, "desktop", "Linux", "6.12", "Firefox", 146},
	{18, "mobile", "iOS", "18", "Mobile Safari", 18},
	{20, "mobile", "Android", "15", "Chrome Mobile", 143},
	{3, "mobile", "Android", "14", "Samsung Internet", 28},
	{3, "tablet", "iPadOS", "18", "Mobile Safari", 18},
}

// choice is one of several with a weight.
type choice struct {
	weight int
	value  string
}

var (
	plans    = []choice{{62, "free"}, {29, "pro"}, {9, "enterprise"}}
	channels = []choice{{38, "organic"}, {24, "ads"}, {17, "referral"}, {12, "social"}, {9, "email"}}
)
