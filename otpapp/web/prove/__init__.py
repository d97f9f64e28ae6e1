"""The pages that ask for one more proof: to come in, or to step up."""
