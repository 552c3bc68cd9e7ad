/// The home of methods on `bool`. It has none: the operators say it all.
#[defines_primitive(bool)]
module std::bool;
