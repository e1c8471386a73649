package demo

// page is a state of a visit.
type page int

const (
	leave page = iota
	home
	search
	category
	product
	register
	cart
	checkout
	payment
	confirmation
	account
	help
)

// step is a way on from a page: the click that takes it and how often it is taken.
type step struct {
	weight int
	to     page
	target string // what is clicked, "" to leave without a click
}

var viewNames = map[page]string{
	home: "Home", search: "Search", category: "Category", product: "Product", register: "Sign up", cart: "Cart",
	checkout: "Checkout", payment: "Payment", confirmation: "Order confirmation", account: "Account", help: "Help",
}

// entries are the pages visits start with.
var entries = []step{{46, home, ""}, {18, category, ""}, {20, product, ""}, {12, search, ""}, {4, help, ""}}

// signUp leads to the register page, from any other.
var signUp = step{0, register, "SIGN UP"}

// steps are the ways on from each page, out of the shop among them.
var steps = map[page][]step{
	home:         {{30, category, "CATEGORIES"}, {27, search, "SEARCH"}, {15, product, "DEAL OF THE DAY"}, {6, account, "MY ACCOUNT"}, {2, help, "HELP"}, {20, leave, ""}},
	search:       {{52, product, "SEARCH RESULT"}, {13, search, "SEARCH"}, {10, category, "CATEGORIES"}, {4, home, "LOGO"}, {21, leave, ""}},
	category:     {{54, product, "PRODUCT TILE"}, {15, category, "NEXT PAGE"}, {8, search, "SEARCH"}, {4, home, "LOGO"}, {19, leave, ""}},
	product:      {{23, cart, "ADD TO CART"}, {21, product, "RELATED PRODUCT"}, {14, category, "CATEGORIES"}, {11, search, "SEARCH"}, {4, home, "LOGO"}, {27, leave, ""}},
	cart:         {{45, checkout, "CHECKOUT"}, {17, product, "CONTINUE SHOPPING"}, {6, category, "CATEGORIES"}, {32, leave, ""}},
	register:     {{60, home, "CREATE ACCOUNT"}, {25, product, "CREATE ACCOUNT"}, {15, account, "CREATE ACCOUNT"}},
	checkout:     {{62, payment, "CONTINUE TO PAYMENT"}, {9, cart, "EDIT CART"}, {3, help, "HELP"}, {26, leave, ""}},
	payment:      {{76, confirmation, "PLACE ORDER"}, {6, payment, "PLACE ORDER"}, {5, checkout, "BACK"}, {13, leave, ""}},
	confirmation: {{14, home, "CONTINUE SHOPPING"}, {10, account, "VIEW ORDER"}, {76, leave, ""}},
	account:      {{25, home, "LOGO"}, {15, product, "BUY AGAIN"}, {8, help, "HELP"}, {52, leave, ""}},
	help:         {{22, home, "LOGO"}, {14, search, "SEARCH"}, {12, account, "MY ACCOUNT"}, {52, leave, ""}},
}

var categories = []string{"garden", "kitchen", "lighting", "furniture", "textiles", "outdoor"}

var searchTerms = []string{"lamp", "chair", "blue vase", "rug", "desk", "cushion", "plant pot", "gift", "mirror", "shelf"}

var helpTopics = []string{"shipping", "returns", "payment", "contact"}

// guideTopics and guideThings make the names of guides, some 400.
var (
	guideTopics = []string{
		"choose", "care-for", "clean", "place", "combine", "measure", "repair", "store", "paint", "restore", "photograph", "gift-wrap", "insulate",
		"waterproof", "sharpen", "dye", "reupholster", "recycle", "sketch", "lend",
	}
	guideThings = []string{
		"lamps", "chairs", "vases", "rugs", "desks", "cushions", "plant-pots", "mirrors", "shelves", "curtains", "tables", "sofas", "candles", "blankets",
		"baskets", "clocks", "knives", "pans", "benches", "parasols",
	}
)

// productCount products stand in the shop; a product's category and price follow from its number.
const productCount = 240

func productCategory(id int) string { return categories[id%len(categories)] }

// productPrice is in cents, from 4.90 to some 400.
func productPrice(id int) int { return 490 + (id*id*37)%39_500/100*100 }
