module flotilla/generate/zones

go 1.26.0
